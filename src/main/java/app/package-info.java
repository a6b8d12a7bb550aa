/** Main and its parts: read the configuration, build the objects, deploy, shut down in reverse. */
@org.jspecify.annotations.NullMarked
package app;
