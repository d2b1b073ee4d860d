package io.guestflow.processor.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class Suggestion {
    private Suggestion() {}

    static Optional<String> nearest(String name, Collection<String> names) {
        String wanted = name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        int tolerance = Math.max(2, wanted.length() / 5);
        return names.stream()
                .filter(candidate -> distance(wanted, candidate) <= tolerance)
                .min(Comparator.comparingInt(candidate -> distance(wanted, candidate)));
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
