/**
 * Does what the topologies decide: takes commands from a topic, has them carried out, and writes their outcomes; knows
 * no topology.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.effects;
