using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>A question of the agent, as a form and as what is left of it.</summary>
public sealed class QuestionCardTests : BunitContext
{
    private readonly List<string> _answers = [];
    private CommandResult _result = CommandResult.Done;

    public QuestionCardTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
    }

    [Fact]
    public void Choices_WithWords_SendsTheChoiceOrTheWords()
    {
        var card = Card(["Contoso", "Northwind"], allowsText: true);
        Assert.Equal(3, card.FindAll("input[type=radio]").Count);
        Assert.Empty(card.FindAll("textarea"));
        Assert.Empty(card.FindAll("input[checked]"));
        card.Find("form").Submit();
        Assert.Equal(CardText.AnswerFirst, card.Find("[role=alert]").TextContent);
        Assert.Empty(_answers);

        card.FindAll("input[type=radio]")[1].Change(true);
        card.Find("form").Submit();
        Assert.Equal(["Northwind"], _answers);
        Assert.True(card.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public void Words_Alone_AreNeededAndAProblemIsSaid()
    {
        _result = CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.AnswerNotSaved);
        var card = Card([], allowsText: true);

        card.Find("form").Submit();
        Assert.Equal(CardText.AnswerFirst, card.Find("[role=alert]").TextContent);
        Assert.Empty(_answers);

        card.Find("textarea").Input(" The blue one ");
        card.Find("form").Submit();
        Assert.Equal(["The blue one"], _answers);
        Assert.Equal(RunCommandText.AnswerNotSaved, card.Find("[role=alert]").TextContent);
        Assert.False(card.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public void Choices_WithoutWords_HaveNoOther()
    {
        var card = Card(["a", "b"], allowsText: false);

        Assert.Equal(2, card.FindAll("input[type=radio]").Count);
        Assert.DoesNotContain(CardText.AnswerOther, card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_OfAnother_IsAnsweredWithAReason()
    {
        var card = Render<QuestionCard>(with => With(with, [], allowsText: true).Add(one => one.NeedsReason, true).Add(one => one.Owner, "Ada"));
        Assert.Equal(SupervisionText.WhyFor("Ada"), card.Find(".why-field label").TextContent);
        await card.Find("textarea").InputAsync("Large");

        await card.Find("form").SubmitAsync();
        Assert.Empty(_answers);
        Assert.Equal(RunCommandText.ReasonMissing, card.Find(".why-field [role=alert]").TextContent);

        await card.Find(".why-field input").InputAsync("they are out");
        await card.Find("form").SubmitAsync();
        Assert.Equal(["Large (they are out)"], _answers);
    }

    [Fact]
    public void Question_OfAnother_CanBeReadOnly()
    {
        var card = Render<QuestionCard>(with => With(with, ["a"], allowsText: true, canAnswer: false));

        Assert.Empty(card.FindAll("form"));
        Assert.Contains(CardText.AnswerOwner, card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_Question_WaitsThenStaysWithItsAnswer()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Call(0, "fc_1", "call_1", "ask_user", "{}").Complete("resp_1")
            .Own(RunEventTypes.ToolRequested, new { name = "ask_user", arguments = "{}" }, "call_1")
            .Own(RunEventTypes.QuestionAsked, new { question = "Which pump?", choices = new[] { "Small" }, allow_text = true, timeout_ms = 600_000 }, "call_1")
            .Own(RunEventTypes.RunWaiting, new { reason = "The agent has asked a question." });
        var waiting = TimelineReducer.Apply(TimelineState.Empty, log.Events);
        Assert.Equal("Which pump?", Assert.Single(waiting.Questions).Question);
        Assert.Equal(ActivityKind.WaitingForAnswer, waiting.Activity.Kind);

        log.Own(RunEventTypes.QuestionAnswered, new { text = "Small", reason = "they are out" }, "call_1", new EventActor("usr_2", "Supervisor"))
            .Own(RunEventTypes.ToolCompleted, new { name = "ask_user", output = "Small", duration_ms = 5 }, "call_1")
            .Own(RunEventTypes.RunResumed, new { reason = "No question is open any more." });
        var answered = TimelineReducer.Apply(waiting, log.Events.Skip(waiting.Items.Count > 0 ? (int)waiting.HeadSeq : 0));
        Assert.Empty(answered.Questions);
        Assert.Equal(QuestionState.Answered, answered.ToolCalls.Single().Question.Current!.State);
        Assert.Single(TimelineClip.At(answered, waiting.HeadSeq).Questions);

        var line = Render<AnsweredQuestions>(with => with
            .Add(one => one.Timeline, answered).Add(one => one.OwnerId, "usr_1").Add(one => one.Names, TimelineNames.None)).Find(".decided");
        Assert.Equal("Which pump? Small (by supervisor: they are out)", line.TextContent.Trim());
    }

    private IRenderedComponent<QuestionCard> Card(string[] choices, bool allowsText) => Render<QuestionCard>(with => With(with, choices, allowsText));

    private ComponentParameterCollectionBuilder<QuestionCard> With(
        ComponentParameterCollectionBuilder<QuestionCard> with, string[] choices, bool allowsText, bool canAnswer = true) => with
        .Add(one => one.Question, new WaitingQuestion("call_1", "Which?", choices, allowsText, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(10)))
        .Add(one => one.Agent, "Copilot")
        .Add(one => one.CanAnswer, canAnswer)
        .Add(one => one.OnAnswer, (_, text, reason) =>
        {
            _answers.Add(reason is null ? text : $"{text} ({reason})");
            return Task.FromResult(_result);
        });
}
