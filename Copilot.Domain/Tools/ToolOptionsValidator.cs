using Microsoft.Extensions.Options;

namespace Copilot.Domain.Tools;

/// <summary>Checks the limits and the tools themselves, so that a failed start lists all errors at once.</summary>
internal sealed class ToolOptionsValidator(IEnumerable<ITool> tools) : IValidateOptions<ToolOptions>
{
    private const int LeastOutputChars = 1_000;

    public ValidateOptionsResult Validate(string? name, ToolOptions options)
    {
        var all = tools.ToArray();
        var errors = new List<string>(ToolRegistry.ErrorsOf(all));
        if (!ToolDeadline.IsUsable(options.DefaultDeadline))
        {
            errors.Add($"{nameof(ToolOptions.DefaultDeadline)} is {options.DefaultDeadline}; {ToolDeadline.Rule}.");
        }

        foreach (var (tool, deadline) in options.Deadlines)
        {
            if (!ToolDeadline.IsUsable(deadline))
            {
                errors.Add($"{nameof(ToolOptions.Deadlines)} gives '{tool}' {deadline}; {ToolDeadline.Rule}.");
            }

            if (!Array.Exists(all, known => known.Definition.Name == tool))
            {
                errors.Add($"{nameof(ToolOptions.Deadlines)} names '{tool}', but there is no such tool.");
            }
        }

        CheckApprovals(options, all, errors);
        if (options.MaxOutputChars < LeastOutputChars)
        {
            errors.Add($"{nameof(ToolOptions.MaxOutputChars)} is {options.MaxOutputChars}; the least is {LeastOutputChars}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckApprovals(ToolOptions options, ITool[] all, List<string> errors)
    {
        if (!ToolApprovals.IsUsable(options.ApprovalTimeout))
        {
            errors.Add($"{nameof(ToolOptions.ApprovalTimeout)} is {options.ApprovalTimeout}; {ToolApprovals.Rule}.");
        }

        foreach (var (tool, timeout) in options.ApprovalTimeouts)
        {
            if (!ToolApprovals.IsUsable(timeout))
            {
                errors.Add($"{nameof(ToolOptions.ApprovalTimeouts)} gives '{tool}' {timeout}; {ToolApprovals.Rule}.");
            }

            if (!Array.Exists(all, known => known.Definition.Name == tool))
            {
                errors.Add($"{nameof(ToolOptions.ApprovalTimeouts)} names '{tool}', but there is no such tool.");
            }
        }

        errors.AddRange(options.RequireApproval
            .Where(tool => !Array.Exists(all, known => known.Definition.Name == tool))
            .Select(tool => $"{nameof(ToolOptions.RequireApproval)} names '{tool}', but there is no such tool."));
    }
}
