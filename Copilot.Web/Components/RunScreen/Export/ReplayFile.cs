using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>
/// One HTML file that plays runs without a server. Its policy allows nothing but its own script and style, by their hashes: it asks nobody
/// for anything, and nothing that stands in a run can run.
/// </summary>
internal static class ReplayFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    private static readonly string s_script = Read("replay-file.js");
    private static readonly string s_style = Read("replay-file.css");

    /// <summary>The policy of the file.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; script-src {HashOf(s_script)}; style-src {HashOf(s_style)}; base-uri 'none'; form-action 'none'";

    /// <summary>Makes the file.</summary>
    /// <param name="runs">The runs to play, in order.</param>
    /// <param name="redacted">What was covered, in words; empty for nothing.</param>
    public static byte[] Make(IReadOnlyList<ReplayRun> runs, string redacted)
    {
        // The encoder leaves no angle bracket in it: nothing in a run can end the element that holds it.
        var data = JsonSerializer.Serialize(new { runs, texts = ExportText.File, redacted }, s_json);
        var title = HtmlEncoder.Default.Encode(runs.Count > 0 ? runs[0].Title : ExportText.Untitled);
        return Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="referrer" content="no-referrer">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>{s_style}</style>
            </head>
            <body>
            <script type="application/json" id="replay-data">{data}</script>
            <script>{s_script}</script>
            </body>
            </html>

            """);
    }

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Read(string name)
    {
        using var stream = typeof(ReplayFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // A hash is of the very bytes, and a page has its line ends made one kind.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
