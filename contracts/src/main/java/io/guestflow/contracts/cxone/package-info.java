/** What guestflow's own instances tell each other about CXone, and what they ask it when nobody waits. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.cxone;
