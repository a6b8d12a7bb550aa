/** PSPs' webhooks over HTTP: where they come in, and the answers they get. */
@org.jspecify.annotations.NullMarked
package routes.webhooks;
