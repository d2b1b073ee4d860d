package io.guestflow.processor.scripts;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A machine as a script sees it: only the programs on this PATH, only these variables, only these JDKs. */
final class ScriptMachine {
    private static final long ENDS_WITHIN_S = 30;

    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();

    /** Has an empty home, an empty PATH and no JDK at all. */
    ScriptMachine(Path root) throws IOException {
        this.bin = Files.createDirectories(root.resolve("bin"));
        set("HOME", Files.createDirectories(root.resolve("home")).toString());
        set("PATH", bin.toString());
        set("JDK_DIRS", root.resolve("jdks").toString() + "/*");
    }

    ScriptMachine set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Puts programs of the real machine on the PATH; a name that it has not is an error. */
    ScriptMachine tools(String... names) throws IOException {
        for (String name : names) {
            program(name, "exec " + real(name).orElseThrow() + " \"$@\"");
        }
        return this;
    }

    static Optional<Path> real(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(dir -> Path.of(dir, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Puts a shell script of the test's own on the PATH. */
    ScriptMachine program(String name, String body) throws IOException {
        program(bin.resolve(name), body);
        return this;
    }

    static void program(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs it to its end with nothing on its standard input. */
    Result run(Path script, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(bin.getParent(), "out", ".txt");
        Path err = Files.createTempFile(bin.getParent(), "err", ".txt");
        var builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .directory(bin.getParent().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(ENDS_WITHIN_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(script + " still runs after " + ENDS_WITHIN_S + " s");
        }
        return new Result(
                process.pid(),
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Gives this machine a JDK that can do nothing but tell its version and its home. */
    static Path fakeJdk(Path home, String version) throws IOException {
        program(home.resolve("bin/javac"), "exit 1");
        program(
                home.resolve("bin/java"),
                "echo 'openjdk version \"" + version + "\" 2025-10-21' >&2; echo '    java.home = " + home + "' >&2");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    record Result(long pid, int exitCode, String out, String err) {}
}
