/** What stands on guestflow's topics: the topic catalogue, and by room the records that each topic carries. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts;
