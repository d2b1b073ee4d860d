/** What topologies do at their borders: which partition a record takes, whose trace it carries, when to commit. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.wire;
