using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Copilot.Tests.Options;

/// <summary>The documentation comments of an assembly, as Markdown.</summary>
internal sealed partial class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members;

    public DocumentationFile(Assembly assembly) =>
        _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>The summary of a property on one line.</summary>
    public string SummaryOf(PropertyInfo property) => Summary($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The summary of a type on one line.</summary>
    public string SummaryOf(Type type) => Summary($"T:{type.FullName}");

    private string Summary(string member) =>
        _members.TryGetValue(member, out var found) && found.Element("summary") is { } summary
            ? Spaces().Replace(Markdown(summary), " ").Trim()
            : throw new InvalidOperationException($"{member} has no documentation. Write a summary that says meaning, unit and default.");

    private static string Markdown(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } reference => $"`{NameIn(reference.Attribute("cref")!.Value)}`",
                XElement other => Markdown(other),
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string NameIn(string reference) => reference[(reference.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
