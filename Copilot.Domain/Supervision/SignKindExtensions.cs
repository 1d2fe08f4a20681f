namespace Copilot.Domain.Supervision;

/// <summary>Questions about a kind of sign.</summary>
public static class SignKindExtensions
{
    /// <summary>The group that a sign of this kind puts a run into; null where it is only worth knowing.</summary>
    public static AttentionGroup? Group(this SignKind kind) => kind switch
    {
        <= SignKind.Waiting => AttentionGroup.NeedsPerson,
        <= SignKind.ContextNearlyFull => AttentionGroup.InTrouble,
        _ => null,
    };

    /// <summary>How urgent a sign of this kind is: more is more urgent.</summary>
    public static int Risk(this SignKind kind) => 10 * (SignKind.FellBack - kind + 1);

    /// <summary>The name that the HTTP API and addresses use: <c>tool_overdue</c>.</summary>
    public static string ToWire(this SignKind kind) => kind switch
    {
        SignKind.ApprovalWaiting => "approval_waiting",
        SignKind.QuestionWaiting => "question_waiting",
        SignKind.HelpRequested => "help_requested",
        SignKind.BudgetReached => "budget_reached",
        SignKind.OutcomeUnknown => "outcome_unknown",
        SignKind.Interrupted => "interrupted",
        SignKind.Waiting => "waiting",
        SignKind.RuleFired => "rule_fired",
        SignKind.ToolOverdue => "tool_overdue",
        SignKind.ToolSlow => "tool_slow",
        SignKind.Silent => "silent",
        SignKind.Retrying => "retrying",
        SignKind.RepeatedCall => "repeated_call",
        SignKind.Growing => "growing",
        SignKind.BudgetNearlyUsed => "budget_nearly_used",
        SignKind.ContextNearlyFull => "context_nearly_full",
        SignKind.ToolFailed => "tool_failed",
        _ => "fell_back",
    };

    /// <summary>The name that the HTTP API and addresses use: <c>needs_person</c>.</summary>
    public static string ToWire(this AttentionGroup group) => group switch
    {
        AttentionGroup.NeedsPerson => "needs_person",
        AttentionGroup.InTrouble => "in_trouble",
        AttentionGroup.Working => "working",
        AttentionGroup.Queued => "queued",
        _ => "just_ended",
    };
}
