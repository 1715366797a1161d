import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/** Reads lines of an analyzer's class, a tab and a text; writes its tokens as position:token. */
class Tokens {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            var parts = line.split("\t", 2);
            var type = Class.forName("org.apache.lucene.analysis." + parts[0]);
            try (var analyzer = (Analyzer) type.getDeclaredConstructor().newInstance();
                    var tokens = analyzer.tokenStream("text", parts[1])) {
                var term = tokens.addAttribute(CharTermAttribute.class);
                var step = tokens.addAttribute(PositionIncrementAttribute.class);
                var found = new StringBuilder();
                var position = 0;
                tokens.reset();
                while (tokens.incrementToken()) {
                    position += step.getPositionIncrement();
                    found.append(position).append(':').append(term).append('\t');
                }
                out.println(found.toString().strip());
            }
        }
    }
}
