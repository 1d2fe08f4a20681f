using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Copilot.Domain.Settings;
using Copilot.Web.Options;

namespace Copilot.Tests.Options;

/// <summary>Writes <c>docs/configuration.md</c> from the options: their documentation, attributes and defaults.</summary>
internal sealed partial class ConfigurationPage
{
    private const string FrameworkHeading = "Of the framework and its libraries";

    private const string Head =
        """
        # Configuration

        <!-- Generated from the options in the source. To change it, change their documentation, then run:
             COPILOT_WRITE_DOCS=1 dotnet test Copilot.Tests --filter FullyQualifiedName~ConfigurationPage -->

        Every setting can be given in `appsettings.json`, in the environment (`Runs__MaxActive=100`) or on the command line
        (`--Runs:MaxActive=100`); the later of these wins. Settings are read at start. If any is wrong, the program does not start and
        lists all that is wrong and what to set.

        - An empty value counts as not set, unless its row says otherwise.
        - Durations are written as hours, minutes and seconds: `00:00:05`, `00:00:01.5`; with days `1.00:00:00`.
        - Lists of texts are written as one value with commas (`a,b`) or one by one (`…:0`, `…:1`; in the environment `…__0`, `…__1`).
        - In capitals stands what you choose: `NAME` and `LABEL` are names, `N` counts from 0.

        The settings by what they are about:


        """;

    private const string Foot =
        """

        ## Of the framework and its libraries

        | Setting | Default | Meaning | In the environment |
        |---|---|---|---|
        | `ConnectionStrings:Copilot` | `Data Source=App_Data/copilot.db` | The SQLite database. A relative path starts at the content root | `ConnectionStrings__Copilot` |
        | `Circuits:DisconnectedCircuitRetentionPeriod` | `00:03:00` | How long a page that lost its connection can come back without a reload. `Circuits` takes all of Blazor's [`CircuitOptions`](https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.components.server.circuitoptions) | `Circuits__DisconnectedCircuitRetentionPeriod` |
        | `Serilog:MinimumLevel:Default` | `Information` | What is logged, to the console and as JSON to `App_Data/logs` (a file a day, fourteen kept). No prompt text at `Information` | `Serilog__MinimumLevel__Default` |
        | `Serilog:MinimumLevel:Override:NAMESPACE` | `Warning` for `Microsoft` and `System` | The same for one part of the program | `Serilog__MinimumLevel__Override__NAMESPACE` |
        | `OPENAI_API_KEY`, `OPENAI_BASE_URL` | none | Stand in for `Upstream:ApiKey` and `Upstream:BaseUrl` where these are not set, as in the official clients | as they are |
        | `OTEL_…` | none | Whether and where spans and metrics are exported, and with what ([observability](observability.md#exporting)) | as they are |
        | `Urls` | `http://localhost:5000`; with `dotnet run` `http://127.0.0.1:5080` | Where the server listens | `ASPNETCORE_URLS` |

        """;

    private readonly Dictionary<Assembly, DocumentationFile> _documentation = [];
    private readonly StringBuilder _text = new();

    private ConfigurationPage()
    {
    }

    /// <summary>The page.</summary>
    public static string Write(IEnumerable<ISettingSection> sections)
    {
        var page = new ConfigurationPage();
        page._text.Append(Head);
        var all = sections.ToArray();
        foreach (var section in all)
        {
            var about = page.About(section.Options);
            page._text.Append(CultureInfo.InvariantCulture, $"- [{section.Name}](#{Anchor(section.Name)}): {about[..(about.IndexOf('.') + 1)]}\n");
        }

        page._text.Append(CultureInfo.InvariantCulture, $"- [{FrameworkHeading}](#{Anchor(FrameworkHeading)})\n");
        foreach (var section in all)
        {
            page.WriteSection(section);
        }

        return page._text.Append(Foot).ToString();
    }

    // As GitHub makes it from a heading.
    private static string Anchor(string heading) => heading.ToLowerInvariant().Replace(":", "", StringComparison.Ordinal).Replace(' ', '-');

    private void WriteSection(ISettingSection section)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{About(section.Options)}\n\n");
        _text.Append("| Setting | Default | Meaning | Values | In the environment |\n|---|---|---|---|---|\n");
        WriteMembers(section.Name, section.Options);
    }

    private void WriteMembers(string path, Type type)
    {
        var defaults = Activator.CreateInstance(type, nonPublic: true)!;
        foreach (var property in SettingTypes.PropertiesOf(type).Where(property => property.GetCustomAttribute<BrowsableAttribute>()?.Browsable is not false))
        {
            Write($"{path}:{property.Name}", property, property.GetValue(defaults));
        }
    }

    private void Write(string path, PropertyInfo property, object? value)
    {
        var type = property.PropertyType;
        if (SettingTypes.IsScalar(type))
        {
            WriteRow(path, property, DefaultOf(property, value), ValuesOf(property, type));
        }
        else if (SettingTypes.EntryType(type) is { } entry)
        {
            var isGroup = !SettingTypes.IsScalar(entry);
            var name = $"{path}:{(isGroup ? "LABEL" : "NAME")}";
            WriteRow(name, property, DefaultOf(property, null), isGroup ? "a group each" : ValuesOf(property, entry));
            if (isGroup)
            {
                WriteMembers(name, entry);
            }
        }
        else if (SettingTypes.ItemType(type) is not { } item)
        {
            WriteMembers(path, type);
        }
        else if (item == typeof(string))
        {
            WriteRow(path, property, DefaultOf(property, null), "a list of texts");
        }
        else
        {
            WriteRow($"{path}:N", property, DefaultOf(property, null), "a group each");
            WriteMembers($"{path}:N", item);
        }
    }

    private void WriteRow(string path, PropertyInfo property, string? standard, string values)
    {
        var summary = File(property.DeclaringType!.Assembly).SummaryOf(property);
        if (DefaultSentence().Match(summary) is not { Success: true } match)
        {
            throw new InvalidOperationException($"The documentation of {path} does not say its default. End its summary with \"Default: … .\".");
        }

        string[] cells = [$"`{path}`", standard ?? match.Groups[1].Value, summary[..match.Index].TrimEnd('.'), values, $"`{SettingText.Variable(path)}`"];
        _text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    private string About(Type options) => BoundSentence().Replace(File(options.Assembly).SummaryOf(options), "").Trim();

    private DocumentationFile File(Assembly assembly) =>
        _documentation.TryGetValue(assembly, out var file) ? file : _documentation[assembly] = new DocumentationFile(assembly);

    // Null where only the documentation knows it.
    private static string? DefaultOf(PropertyInfo property, object? value) =>
        property.GetCustomAttribute<DefaultAttribute>()?.Text ?? value switch
        {
            null or "" => null,
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan duration => $"`{(duration.Milliseconds == 0 ? duration.ToString("c", CultureInfo.InvariantCulture) : duration.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'))}`",
            _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        };

    private static string ValuesOf(PropertyInfo property, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var kind = plain == typeof(bool) ? "`true` or `false`"
            : plain.IsEnum ? string.Join(", ", Enum.GetNames(plain).Select(name => $"`{name}`"))
            : plain == typeof(TimeSpan) ? "a duration"
            : plain == typeof(Uri) ? "an address"
            : plain == typeof(string) ? "text"
            : plain == typeof(double) || plain == typeof(decimal) ? "a number"
            : "a whole number";
        var rule = property.GetCustomAttribute<SettingAttribute>()?.Expected;
        var text = rule is null ? kind : plain == typeof(string) || plain == typeof(Uri) ? rule : $"{kind}, {rule}";
        return property.IsDefined(typeof(NeededAttribute)) ? $"{text}; needed" : text;
    }

    [GeneratedRegex(@"\s*\bDefault: ((?:(?!\bDefault: ).)*)\.$")]
    private static partial Regex DefaultSentence();

    [GeneratedRegex(@"\s*(?:Bound from|Configuration section) `[^`]+`\.|\s*Bound from `[^`]+`;[^.]*\.")]
    private static partial Regex BoundSentence();
}
