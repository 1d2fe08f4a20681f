using System.Text.RegularExpressions;
using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Answers questions about the conversation itself: the person's name, earlier bookings and questions.</summary>
internal sealed partial class RecallSkill : ISkill
{
    private const int MaxShown = 5;

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (NamePattern().Match(turn.Task) is { Success: true } introduced)
        {
            return ModelPlan.Answer($"Nice to meet you, {introduced.Groups["name"].Value}. I will remember that for this conversation.");
        }

        if (Phrases.HasAny(turn.Task, "my name", "who am i"))
        {
            return ModelPlan.Answer(EarlierName(turn) is { } name ? $"You told me that your name is {name}." : "You have not told me your name yet.");
        }

        if (!AsksBack(turn.Task))
        {
            return null;
        }

        return WhatWasDone(turn) ?? WhatWasAsked(turn);
    }

    private static bool AsksBack(string task) =>
        Phrases.HasAny(task, "what did you", "did you book", "did you reserve", "you booked", "you reserved", "the booking", "that visit", "that booking", "the visit", "who is coming", "who comes", "what did i", "summar*", "so far", "again", "earlier", "which technician", "when is the technician")
        && !Phrases.HasAny(task, "please book", "reserve a", "reserve the", "book a", "book another");

    private static string? EarlierName(ModelTurn turn) => turn.EarlierMessages
        .Where(message => message.IsMessageFrom("user"))
        .Select(message => NamePattern().Match(message.Text))
        .LastOrDefault(match => match.Success)?
        .Groups["name"].Value;

    private static ModelPlan? WhatWasDone(ModelTurn turn)
    {
        var done = turn.EarlierCalls
            .Where(call => call.Succeeded && call.Rows.Count > 0 && (ToolRole.Book.Fits(call.Name) || ToolRole.Reserve.Fits(call.Name)))
            .TakeLast(MaxShown)
            .ToList();
        return done.Count == 0
            ? null
            : ModelPlan.Answer(
                "The conversation already has the answer.",
                "From what was done before in this conversation:\n\n"
                + string.Join('\n', done.Select(call => $"**{(ToolRole.Book.Fits(call.Name) ? "Booked" : "Reserved")}**\n\n{MarkdownTable.Of([.. call.Rows])}")));
    }

    private static ModelPlan? WhatWasAsked(ModelTurn turn)
    {
        var asked = turn.EarlierMessages.Where(message => message.IsMessageFrom("user")).TakeLast(MaxShown).ToList();
        return asked.Count == 0
            ? null
            : ModelPlan.Answer(
                "So far you asked:\n\n" + string.Join('\n', asked.Select((message, index) => $"{index + 1}. {message.Text.ReplaceLineEndings(" ")}")));
    }

    [GeneratedRegex(@"\b[Mm]y name is (?<name>[\p{L}'-]+(?: [\p{Lu}][\p{L}'-]+)*)")]
    private static partial Regex NamePattern();
}
