package io.guestflow.contracts.codec;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One thing wrong with a record's value.
 *
 * @param field the path of the field, {@code consent.timestamp}; empty when the whole value is meant, on the wire absent
 * @param defect what is wrong with it
 * @param expected what would have been right, in words; never a piece of the value itself, so it can be logged
 */
public record Problem(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String field, Defect defect, String expected) {

    /** The ways in which a value can miss its contract. */
    public enum Defect {
        /** The record has no value at all. */
        NULL_VALUE,
        /** The value has more bytes than the contract allows. */
        TOO_LARGE,
        /** Not JSON in UTF-8, or something follows the JSON. */
        NOT_JSON,
        /** Objects and arrays are nested deeper than the contract allows. */
        TOO_DEEP,
        /** An object has the same key twice. */
        DUPLICATE_KEY,
        /** JSON, but not an object. */
        NOT_AN_OBJECT,
        /** A required field is absent or null. */
        MISSING,
        /** A field is of another type or form than the contract says. */
        WRONG,
        /** A field, a name or a number is longer than the contract allows. */
        TOO_LONG
    }

    @Override
    public String toString() {
        return field.isEmpty() ? "value: " + expected : field + ": " + expected;
    }
}
