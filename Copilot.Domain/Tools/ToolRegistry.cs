using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Domain.Tools;

/// <summary>The tools of this process, by name. Immutable.</summary>
public sealed partial class ToolRegistry
{
    private readonly Dictionary<string, ITool> _tools;

    /// <summary>Creates the registry from the tools in registration order.</summary>
    /// <exception cref="ToolRegistrationException">A name or a schema is not usable; all errors at once.</exception>
    public ToolRegistry(IEnumerable<ITool> tools)
    {
        var all = tools.ToArray();
        var errors = ErrorsOf(all);
        if (errors.Count > 0)
        {
            throw new ToolRegistrationException(errors);
        }

        Definitions = Array.AsReadOnly(Array.ConvertAll(all, tool => tool.Definition));
        _tools = all.ToDictionary(tool => tool.Definition.Name, StringComparer.Ordinal);
    }

    /// <summary>The definitions sent to the model, in registration order.</summary>
    public IReadOnlyList<ToolDefinition> Definitions { get; }

    /// <summary>Finds the tool of exactly this name.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out ITool tool)
    {
        return _tools.TryGetValue(name, out tool);
    }

    internal static IReadOnlyList<string> ErrorsOf(IReadOnlyList<ITool> tools)
    {
        var errors = new List<string>();
        foreach (var same in tools.GroupBy(tool => tool.Definition.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var types = string.Join(", ", same.Select(tool => tool.GetType().Name));
            errors.Add($"The tool name '{same.Key}' is taken more than once: {types}.");
        }

        foreach (var definition in tools.Select(tool => tool.Definition))
        {
            if (!NamePattern().IsMatch(definition.Name))
            {
                errors.Add($"The tool name '{definition.Name}' is not 1 to 64 letters, digits, '_' or '-'.");
            }

            if (string.IsNullOrWhiteSpace(definition.Description))
            {
                errors.Add($"The tool '{definition.Name}' has no description.");
            }

            if (definition.Deadline is { } deadline && !ToolDeadline.IsUsable(deadline))
            {
                errors.Add($"The deadline of the tool '{definition.Name}' is {deadline}; {ToolDeadline.Rule}.");
            }

            if (definition.ApprovalTimeout is { } timeout && !ToolApprovals.IsUsable(timeout))
            {
                errors.Add($"The time for approval of the tool '{definition.Name}' is {timeout}; {ToolApprovals.Rule}.");
            }

            errors.AddRange((definition.FreeText is null ? StrictSchema.ErrorsOf(definition.Parameters) : ErrorsOf(definition.FreeText))
                .Select(error => $"The parameters of the tool '{definition.Name}': {error}"));
        }

        return errors;
    }

    private static IReadOnlyList<string> ErrorsOf(FreeText text)
    {
        return text.Grammar is { } grammar && string.IsNullOrWhiteSpace(grammar) ? ["the grammar is empty."] : [];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NamePattern();
}
