using System.Text.Json;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Domain.Runs.Questions;

/// <summary>
/// Asks the person the run works for. The run itself waits for the answer, which is the call's output; nothing is invoked, so an agent
/// that may call it needs no more than its name among its tools.
/// </summary>
public sealed class AskUserTool : ITool
{
    /// <summary>The name that the model calls.</summary>
    public const string ToolName = "ask_user";

    /// <summary>How many answers there may be to choose from.</summary>
    public const int MaxChoices = 6;

    /// <summary>Longest answer, in UTF-16 code units.</summary>
    public const int MaxAnswerLength = 2_000;

    private const int MaxChoiceLength = 200;

    /// <inheritdoc/>
    public ToolDefinition Definition { get; } = new()
    {
        Name = ToolName,
        Title = "Ask a question",
        Description =
            "Asks the person a question and waits for the answer. Use it when something is needed that only they know and a wrong guess would "
            + "cost them; ask for one thing at a time, and offer choices where there are few. Do not use it for approvals.",
        Parameters = ToolArguments.SchemaOf<UserQuestion>(),
        ReadOnly = true,
        Idempotent = true,
        Parallel = true,
    };

    /// <inheritdoc/>
    public IReadOnlyList<ToolArgumentError> ErrorsOf(JsonElement arguments)
    {
        var errors = ToolArguments.ErrorsOf<UserQuestion>(arguments);
        return errors.Count > 0 ? errors : Problems(ToolArguments.Read<UserQuestion>(arguments));
    }

    /// <inheritdoc/>
    public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken) =>
        throw new ToolException("There is nobody here to ask. Go on without the answer.");

    /// <summary>The question of a call without errors.</summary>
    internal static UserQuestion Read(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return ToolArguments.Read<UserQuestion>(document.RootElement);
    }

    private static IReadOnlyList<ToolArgumentError> Problems(UserQuestion question)
    {
        var choices = question.Choices ?? [];
        return string.IsNullOrWhiteSpace(question.Question) ? [new("question", "The argument 'question' is empty.")]
            : choices.Count > MaxChoices ? [new("choices", $"The argument 'choices' has {choices.Count} entries; {MaxChoices} is the limit.")]
            : choices.Any(choice => choice.Trim().Length is 0 or > MaxChoiceLength) ? [new("choices", $"Each of the choices must be a text of 1 to {MaxChoiceLength} characters.")]
            : choices.Distinct(StringComparer.Ordinal).Count() < choices.Count ? [new("choices", "The argument 'choices' has the same entry twice.")]
            : choices.Count == 0 && question.AllowText is false ? [new("choices", "Without choices, 'allow_text' must not be false.")]
            : [];
    }
}
