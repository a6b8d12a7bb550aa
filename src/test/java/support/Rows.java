package support;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database to look into, as the superuser sees it. */
public interface Rows {
  /** The rows of a query as text; null is an empty text. */
  List<List<String>> rows(String sql);

  /** The first column of every row. */
  default List<String> lines(String sql) {
    return rows(sql).stream().map(List::getFirst).toList();
  }

  /** One number. */
  default long number(String sql) {
    List<List<String>> rows = rows(sql);
    if (rows.isEmpty()) {
      throw new AssertionError("no row: " + sql);
    }
    return Long.parseLong(rows.getFirst().getFirst());
  }

  /** Where a connection comes from. */
  interface Connecting {
    Connection connect() throws SQLException;
  }

  /** Reads over a connection of its own. */
  static List<List<String>> read(Connecting database, String sql) {
    try (var connection = database.connect()) {
      return read(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** What a connection sees, also of its own transaction. */
  static Rows of(Connection connection) {
    return sql -> read(connection, sql);
  }

  /** Reads over a connection. */
  static List<List<String>> read(Connection connection, String sql) {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      var read = new ArrayList<List<String>>();
      while (rows.next()) {
        var row = new ArrayList<String>(columns);
        for (int column = 1; column <= columns; column++) {
          String text = rows.getString(column);
          row.add(text == null ? "" : text);
        }
        read.add(row);
      }
      return read;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
