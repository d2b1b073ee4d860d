/** What guestflow's own instances tell each other about CXone. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.cxone;
