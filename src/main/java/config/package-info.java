/** Typed, validated settings. JDK only. */
@org.jspecify.annotations.NullMarked
package config;
