/** PSP events in: store, process, dead letters, replay. */
@org.jspecify.annotations.NullMarked
package inbox;
