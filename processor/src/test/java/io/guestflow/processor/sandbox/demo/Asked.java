package io.guestflow.processor.sandbox.demo;

/**
 * A request that a guest makes; it may be sent more than once.
 *
 * @param name how it is shown and told from every other
 * @param expected what it must bring
 */
record Asked(GuestKind kind, String name, Expected expected) {
    /** The name of the request with these ids. */
    static String name(String guestId, String requestId) {
        return guestId + "/" + requestId;
    }
}
