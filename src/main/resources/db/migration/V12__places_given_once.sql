-- A place in a lane is given once: under the lane's lock nothing gives it twice, but a wrong hand may, and whoever reads the
-- log would be told each of the two changes twice.
CREATE UNIQUE INDEX event_log_place ON event_log (lane, position);
DROP INDEX event_log_position;
