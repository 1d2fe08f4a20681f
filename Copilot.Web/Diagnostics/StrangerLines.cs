using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Copilot.Web.Diagnostics;

/// <summary>
/// Keeps strangers from filling the log, which would roll away what it says about them. Of what is logged while a request is answered that
/// nobody is signed in to, each kind of line has a few places a minute; the first line after them says how many were left out. Whoever turns
/// debugging on wants to see everything of it.
/// </summary>
/// <param name="contexts">Tells the request.</param>
/// <param name="time">Measures the minutes.</param>
internal sealed class StrangerLines(IHttpContextAccessor contexts, TimeProvider time) : ILogEventFilter
{
    /// <summary>Lines of one kind in one <see cref="Period"/>.</summary>
    public const int PerPeriod = 60;

    /// <summary>Name of the property with how many lines of the same kind were left out before.</summary>
    public const string LeftOut = "LeftOut";

    /// <summary>After how long there is place again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // Kinds are texts of the program, not of strangers; this many are never reached.
    private const int MaxKinds = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Template, LogEventLevel Level), Count> _kinds = [];

    /// <inheritdoc/>
    public bool IsEnabled(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Information || contexts.HttpContext is not { User.Identity.IsAuthenticated: not true })
        {
            return true;
        }

        long leftOut;
        lock (_lock)
        {
            var kind = (logEvent.MessageTemplate.Text, logEvent.Level);
            if (!_kinds.TryGetValue(kind, out var count))
            {
                if (_kinds.Count >= MaxKinds)
                {
                    return false;
                }

                _kinds[kind] = count = new Count(time.GetTimestamp());
            }

            if (time.GetElapsedTime(count.Since) >= Period)
            {
                (count.Since, count.Written) = (time.GetTimestamp(), 0);
            }

            if (count.Written >= PerPeriod)
            {
                count.LeftOut++;
                return false;
            }

            count.Written++;
            (leftOut, count.LeftOut) = (count.LeftOut, 0);
        }

        if (leftOut > 0)
        {
            logEvent.AddPropertyIfAbsent(new LogEventProperty(LeftOut, new ScalarValue(leftOut)));
        }

        return true;
    }

    /// <summary>What a line says about those that were left out before it; empty when none were.</summary>
    public static string Note(LogEvent logEvent) => logEvent.Properties.TryGetValue(LeftOut, out var value)
        ? string.Create(CultureInfo.InvariantCulture, $" ({value} lines like this were left out)")
        : "";

    private sealed class Count(long since)
    {
        public long Since { get; set; } = since;

        public int Written { get; set; }

        public long LeftOut { get; set; }
    }
}
