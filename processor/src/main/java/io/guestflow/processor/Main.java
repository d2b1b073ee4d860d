package io.guestflow.processor;

/** Wires the process together. */
public final class Main {
    private Main() {}

    /** Starts the processor. */
    public static void main(String[] args) {
        System.exit(2);
    }
}
