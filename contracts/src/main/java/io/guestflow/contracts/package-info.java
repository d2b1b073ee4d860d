/**
 * What stands on guestflow's topics: the topic catalogue, and by room the records that each topic carries.
 *
 * <p>A client begins at {@link io.guestflow.contracts.Topics}: each topic has a {@code codec}, which turns a value into
 * a record and back, or throws one {@link io.guestflow.contracts.codec.ContractViolation} that names everything that is
 * wrong. Who does not use Java takes the JSON Schemas from {@link io.guestflow.contracts.Schemas}, or from
 * {@code schemas/} in the jar: they accept what the codec accepts, as far as it is about the value and not about its
 * text (encoding, size, depth, duplicate keys, lone surrogates, endless numbers).
 *
 * <p>A contract is named {@code name/version}, as the record header
 * {@link io.guestflow.contracts.RecordHeaders#SCHEMA} has it. Within a version fields are only added, and only optional
 * ones; readers ignore fields that they do not know. What the wire looks like is frozen by samples in the tests.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts;
