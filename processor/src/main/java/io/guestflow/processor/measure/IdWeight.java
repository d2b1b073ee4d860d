package io.guestflow.processor.measure;

/** How many bytes an id may take in JSON, at the most. */
final class IdWeight {
    private static final int ESCAPED = 6;

    private IdWeight() {}

    static int of(String id) {
        int weight = 0;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c < ' ') {
                weight += ESCAPED;
            } else if (c == '"' || c == '\\') {
                weight += 2;
            } else {
                weight += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return weight;
    }
}
