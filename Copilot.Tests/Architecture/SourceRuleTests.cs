using System.Text.RegularExpressions;

namespace Copilot.Tests.Architecture;

/// <summary>House rules that the compiler does not know and a search finds.</summary>
public sealed class SourceRuleTests
{
    // Everything up to the next comma that stands in no parentheses of its own.
    private const string Argument = @"(?:[^(),]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+";

    private static readonly string[] s_product = ["Copilot.Domain", "Copilot.Web"];
    private static readonly string[] s_everywhere = ["Copilot.Domain", "Copilot.Web", "Copilot.Tests"];

    private static readonly SourceRule[] s_rules =
    [
        new("the clock is a TimeProvider", @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b", s_product, "var now = DateTime.UtcNow;"),
        new("nothing sleeps", @"\bThread\.Sleep\b", s_everywhere, "Thread.Sleep(10);"),
        // Only the overload with three arguments takes both a clock and a token. A delay that never ends by itself is no sleep.
        new(
            "delays go by a TimeProvider",
            $@"\bTask\.Delay\((?!Timeout\.Infinite)(?!{Argument},{Argument},{Argument}\))",
            [.. s_everywhere, "Copilot.Demo"],
            "await Task.Delay(time);"),
        // One assertion for each value says which of them is wrong.
        new("values are asserted one by one", $@"\bAssert\.\w+\(\s*\({Argument},", ["Copilot.Tests"], "Assert.Equal((1, true), (a.Count, a.IsEnd));"),
        // Its token is asked for once more by work that is late, and then that throws: an exception that ends the circuit.
        new(
            "what a page has begun is stopped by a StopSource",
            @"\breadonly CancellationTokenSource \w+ = new\(",
            ["Copilot.Web/Components", "Copilot.Web/Sessions"],
            "private readonly CancellationTokenSource _stop = new();"),
        // A payload that is written by hand is one that nobody can read by type.
        new(
            "our own events are written by their records",
            @"\bWriteString\(""",
            ["Copilot.Domain/Runs/Actor", "Copilot.Domain/Runs/Forks", "Copilot.Domain/Runs/Input", "Copilot.Domain/Runs/Log", "Copilot.Domain/Runs/Registry"],
            "data.WriteString(\"reason\", reason);",
            "RunSettings.cs"),
        // docs/glossary.md has the words, and who would look for these?
        new(
            "types are called by the glossary's words",
            @"(?-i:\b(class|record|struct|enum|interface)\s+\w*(Desk|Kept|Told|Heard|Forget|Forgotten|Forgetting|Drill|Gate|Patience|Manager|Helper|Helpers|Util|Utils)(?![a-z]))",
            [.. s_everywhere, "Copilot.Demo"],
            "internal sealed class AlertDesk;"),
        new("async methods return tasks", @"\basync\s+void\b", s_everywhere, "async void OnClick() { }"),
        new("tasks are awaited or kept", @"(?<![\w.])_ = [^;=]*Async\(", s_everywhere, "_ = SaveAsync(run);"),
        new("exceptions are dealt with", @"\bcatch\s*(\([^)]*\))?\s*\{\s*\}", s_everywhere, "catch (IOException) { }"),
        new("nothing is left for later", @"\b(TODO|FIXME|HACK)\b|\bNotImplementedException\b", s_everywhere, "// TODO: later"),
        // A sentence in the markup would stand in the tests once more.
        new(
            "what people read stands in a text class",
            @"<(p|span|strong|h[1-6]|button|li|dt|dd|label|a|div|option|small|text|PageTitle)\b[^<>]*>\s*[a-z]+ [a-z]+|\b(aria-label|title|placeholder|alt)=""[a-z]+ [a-z]",
            ["Copilot.Web/Components"],
            "<p>This run failed.</p>"),
        // It may be refused: then whoever asks it directly breaks the page.
        new("storage goes through storage.js", @"\b(session|local)Storage\b", ["Copilot.Web", "wwwroot"], "sessionStorage.getItem('x')", "storage.js"),
        // The framework's own promise waits for ever when the connection is lost.
        new("scripts call the server through connection.js", @"(?-i:\binvokeMethodAsync\()", ["Copilot.Web", "wwwroot"], "page.invokeMethodAsync('Move', at);", "connection.js"),
        new("options come as options", @"\b_?configuration\[""", ["Copilot.Domain", "Copilot.Web/Components", "Copilot.Web/Sessions", "Copilot.Web/Storage", "Copilot.Web/Api"], "configuration[\"Demo:Enabled\"]"),
    ];

    public static TheoryData<string> Names => [.. s_rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Source_OfTheRepository_KeepsTheRule(string name)
    {
        var rule = Array.Find(s_rules, candidate => candidate.Name == name)!;
        var files = rule.Folders
            .SelectMany(folder => SourceTree.Files(folder, ".cs", ".razor", ".js"))
            // This room holds the samples that break the rules.
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "Architecture")
            .Where(file => Path.GetFileName(file) != rule.Except)
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => rule.Find(File.ReadAllText(file)).Select(line => $"{Path.GetRelativePath(SourceTree.Root, file)}:{line}")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_SampleThatBreaksIt_IsFound(string name)
    {
        var rule = Array.Find(s_rules, candidate => candidate.Name == name)!;

        Assert.Equal([2], rule.Find("first line\n    " + rule.Broken + "\n"));
    }

    [Theory]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(clock, time);")]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, time)), clock.Token);")]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(s_pause, token); var time = Sum(1, 2, 3);")]
    public void Rule_AnotherSampleThatBreaksIt_IsFound(string name, string sample)
    {
        Assert.Equal([1], Array.Find(s_rules, candidate => candidate.Name == name)!.Find(sample));
    }

    [Theory]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(wait, _time, cancellationToken);")]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, 2)), Any(name), _stop.Token);")]
    [InlineData("delays go by a TimeProvider", "await Task.Delay(Timeout.Infinite, token);")]
    [InlineData("values are asserted one by one", "Assert.True((await users.FindAsync(name, token)).IsLocked, name);")]
    [InlineData("tasks are awaited or kept", "var total_ = await SumAsync();")]
    [InlineData("types are called by the glossary's words", "internal sealed class HelpRequests; // class investigates")]
    [InlineData("exceptions are dealt with", "catch (IOException) { return false; }")]
    [InlineData("what people read stands in a text class", "<button aria-label=\"@ChatText.Send\" @onclick=\"() => OnSend()\">@ChatText.Send</button>")]
    public void Rule_SampleThatKeepsIt_IsNotFound(string name, string sample)
    {
        Assert.Empty(Array.Find(s_rules, candidate => candidate.Name == name)!.Find(sample));
    }

    /// <param name="Name">What the rule asks for.</param>
    /// <param name="Pattern">What breaks it.</param>
    /// <param name="Folders">Where it holds.</param>
    /// <param name="Broken">A sample that breaks it.</param>
    /// <param name="Except">The file that may.</param>
    private sealed record SourceRule(string Name, string Pattern, string[] Folders, string Broken, string? Except = null)
    {
        /// <summary>The lines, from 1, where the rule is broken.</summary>
        public IEnumerable<int> Find(string text) =>
            Regex.Matches(text, Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant).Select(match => text[..match.Index].Count(c => c == '\n') + 1);
    }
}
