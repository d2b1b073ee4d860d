package io.guestflow.processor.sandbox;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class and ends the JVM as soon as its standard input ends. {@link ChildJvm} holds the other end of
 * that pipe, and the kernel closes it however the parent dies, so not even a killed test run leaves a process behind.
 */
final class ExitWithParent {
    private static final int ORPHANED = 130;

    private ExitWithParent() {}

    /** First argument: the main class; the rest are its arguments. */
    public static void main(String[] args) throws Throwable {
        Thread.ofPlatform().daemon().name("exit-with-parent").start(ExitWithParent::haltAtEndOfInput);
        var main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes: only the end of the pipe has a meaning.
            }
        } catch (IOException e) {
            System.err.println("exit-with-parent: reading standard input failed, ending: " + e);
        }
        // Not exit: shutdown hooks may wait for peers that died together with the parent.
        Runtime.getRuntime().halt(ORPHANED);
    }
}
