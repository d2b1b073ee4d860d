/** Open-loop load: requests are sent when they are due, and their latency runs from then, whatever the system does. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.load;
