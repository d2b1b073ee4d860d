package io.guestflow.processor.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The {@code .properties} file of {@code --config}. */
final class ConfigFile {
    private ConfigFile() {}

    static Map<String, String> read(Path path, TextFiles files, List<String> problems) {
        var values = new TreeMap<String, String>();
        try {
            new Properties() {
                @Override
                public synchronized Object put(Object key, Object value) {
                    // Properties keeps the last of two lines; which one was meant is for the writer to say.
                    if (values.put((String) key, (String) value) != null) {
                        problems.add(key + " (file): stands twice in " + path + "; expected one line");
                    }
                    return super.put(key, value);
                }
            }.load(new StringReader(files.read(path)));
        } catch (IOException e) {
            problems.add("--config: cannot read " + path + " (" + e + "); expected a readable .properties file");
        } catch (IllegalArgumentException e) {
            problems.add("--config: " + path + " is no .properties file (" + e.getMessage() + ")");
        }
        return values;
    }
}
