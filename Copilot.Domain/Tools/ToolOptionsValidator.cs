using Copilot.Domain.Settings;
using Copilot.Domain.Tools.Invocation;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Tools;

/// <summary>Checks the limits and the tools themselves, so that a failed start lists all errors at once.</summary>
internal sealed class ToolOptionsValidator(IEnumerable<ITool> tools) : IValidateOptions<ToolOptions>
{
    private const string Section = "Tools";

    public ValidateOptionsResult Validate(string? name, ToolOptions options)
    {
        var all = tools.ToArray();
        List<string> errors =
        [
            .. ToolRegistry.ErrorsOf(all),
            .. new ToolLimitsValidator().Validate(Section, options).Failures ?? [],
            .. ErrorsOf(nameof(ToolOptions.Deadlines), options.Deadlines, all, ToolDeadline.IsUsable, ToolDeadline.Rule),
            .. ErrorsOf(nameof(ToolOptions.ApprovalTimeouts), options.ApprovalTimeouts, all, ToolApprovals.IsUsable, ToolApprovals.Rule),
            .. options.RequireApproval.Where(tool => !IsKnown(tool, all)).Select(tool => Unknown($"{Section}:{nameof(ToolOptions.RequireApproval)}", tool)),
            .. options.FourEyes.Where(tool => !IsKnown(tool, all)).Select(tool => Unknown($"{Section}:{nameof(ToolOptions.FourEyes)}", tool)),
            .. options.AskEachTime.Where(tool => !IsKnown(tool, all)).Select(tool => Unknown($"{Section}:{nameof(ToolOptions.AskEachTime)}", tool)),
        ];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> ErrorsOf(
        string setting, Dictionary<string, TimeSpan> durations, ITool[] tools, Func<TimeSpan, bool> isUsable, string rule)
    {
        foreach (var (tool, duration) in durations)
        {
            if (!isUsable(duration))
            {
                yield return $"{Section}:{setting}:{tool} is {SettingText.Show(duration)}; {rule}. Set it to that.";
            }

            if (!IsKnown(tool, tools))
            {
                yield return Unknown($"{Section}:{setting}", tool);
            }
        }
    }

    private static bool IsKnown(string name, ITool[] tools) => Array.Exists(tools, known => known.Definition.Name == name);

    private static string Unknown(string setting, string tool) =>
        $"{setting} names '{tool}', but there is no such tool. Set it for a tool that is registered, or leave it out.";
}

/// <summary>The attributes of <see cref="ToolOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class ToolLimitsValidator : IValidateOptions<ToolOptions>;
