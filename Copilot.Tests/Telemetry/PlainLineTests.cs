using System.Globalization;
using Copilot.Web.Diagnostics;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Copilot.Tests.Telemetry;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("a\r\n12:00:00 INF forged", "a\\r\\n12:00:00 INF forged")]
    [InlineData("a\u001b[31mb", "a\\u001b[31mb")]
    [InlineData("a\u009bb\u2028c\u202ed", "a\\u009bb\\u2028c\\u202ed")]
    public void Value_WithControlCharacters_IsOneEscapedLine(string value, string shown)
    {
        var text = Write(logger => logger.Information("The session {Id} began", value));

        Assert.EndsWith($"The session {shown} began{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Exception_WithLineBreaks_IsIndented()
    {
        var text = Write(logger => logger.Error(new InvalidOperationException("a\n12:00:00 INF forged\u001b[31m"), "Failed"));

        Assert.All(text.TrimEnd().Split('\n').Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', text);
    }

    private static string Write(Action<ILogger> log)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var logger = new LoggerConfiguration().WriteTo.Sink(new Lines(output)).CreateLogger();
        log(logger);
        return output.ToString();
    }

    private sealed class Lines(TextWriter output) : ILogEventSink
    {
        private readonly PlainLineFormatter _formatter = new();

        public void Emit(LogEvent logEvent) => _formatter.Format(logEvent, output);
    }
}
