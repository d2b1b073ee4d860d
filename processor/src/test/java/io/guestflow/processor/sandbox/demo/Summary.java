package io.guestflow.processor.sandbox.demo;

import static java.util.stream.Collectors.joining;

import io.guestflow.processor.sandbox.demo.Tally.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table at the end: what was sent, what had to come and what came, for each kind of guest. */
final class Summary {
    private Summary() {}

    static List<String> lines(Tally tally) {
        var table = new ArrayList<List<String>>();
        table.add(List.of("kind of guest", "sent", "expected for each", "got", ""));
        tally.rows()
                .forEach(row -> table.add(List.of(
                        row.kind().label(),
                        Integer.toString(row.sent()),
                        expected(row.kind()),
                        got(row),
                        verdict(row))));
        return aligned(table);
    }

    /** The same for sessions. */
    static List<String> lines(SessionBook sessions) {
        var table = new ArrayList<List<String>>();
        table.add(List.of("session of a guest who", "opened", "expected for each", "got", ""));
        sessions.rows()
                .forEach(row -> table.add(List.of(
                        row.kind().label(),
                        Integer.toString(row.opened()),
                        row.kind().expected(),
                        row.refreshes() + " refreshes"
                                + row.ends().entrySet().stream()
                                        .sorted(Map.Entry.comparingByKey())
                                        .map(end -> ", " + end.getValue() + " " + end.getKey())
                                        .collect(joining()),
                        row.wrong() == 0 ? "ok" : "WRONG: " + row.wrong())));
        return aligned(table);
    }

    private static List<String> aligned(List<List<String>> table) {
        int columns = table.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : table) {
            Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length()));
        }
        var lines = new ArrayList<String>();
        for (List<String> row : table) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row.get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String expected(GuestKind kind) {
        List<String> texts = kind.requests().stream().map(Expected::text).toList();
        return texts.stream()
                .distinct()
                .map(text -> {
                    long times = texts.stream().filter(text::equals).count();
                    return times == 1 ? text : times + " " + text;
                })
                .collect(joining(" and "));
    }

    private static String got(Row row) {
        return row.got().isEmpty()
                ? "nothing"
                : row.got().entrySet().stream()
                        .map(got -> got.getValue() + " " + got.getKey())
                        .collect(joining(", "));
    }

    private static String verdict(Row row) {
        return row.wrong() == 0 ? "ok" : "WRONG: " + row.wrong();
    }
}
