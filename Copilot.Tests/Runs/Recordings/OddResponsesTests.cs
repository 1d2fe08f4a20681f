using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>Whatever an upstream writes: each call that the run carries out is answered once, and has one card that shows it.</summary>
public sealed class OddResponsesTests
{
    private const int Responses = 3_000;

    [Fact]
    public void Calls_OfOddResponses_AreAnsweredOnceAndHaveOneCard()
    {
        var odd = new OddResponses(seed: 20261130);
        for (var number = 0; number < Responses; number++)
        {
            var frames = odd.Next();
            var log = new RunLogBuilder().Begin().Connect().Send(1, null);
            foreach (var frame in frames)
            {
                log.Frame(frame);
            }

            var input = new InputFold(store: false);
            var folded = 0;
            Fold();
            var calls = input.Unanswered.ToArray();
            foreach (var call in calls)
            {
                log.Tool(call.CallId, call.Name, call.Arguments, "out of " + call.CallId);
            }

            Fold();
            var cards = TimelineReducer.Apply(TimelineState.Empty, log.Events).ToolCalls;
            var said = $"{odd}:\n{string.Join('\n', frames)}";
            Assert.True(input.Unanswered.Count == 0 && calls.DistinctBy(call => call.CallId).Count() == calls.Length, said);
            Assert.True(
                calls.Select(call => (call.CallId, call.Name, call.Arguments, "out of " + call.CallId)).Order()
                    .SequenceEqual(cards.Select(card => (card.CallId.Current!, card.Name.Current ?? "", card.Arguments.ToString(), card.Output!)).Order()),
                said);

            void Fold()
            {
                for (; folded < log.Events.Count; folded++)
                {
                    input.Apply(log.Events[folded]);
                }
            }
        }
    }
}
