/** What the process stands on: logging, clock, identity, meters, exit codes and the order of its end. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.runtime;
