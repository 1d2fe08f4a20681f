using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Golden;

namespace Copilot.Tests.Runs.Log;

/// <summary>Without the pieces of answers a conversation is the same, or it is known that they are needed.</summary>
public sealed class WholeResponsesTests
{
    private const int Cuts = 40;

    public static TheoryData<string> Names => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fold_GoldenLogCutAnywhere_IsTheSameOrNeedsPieces(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            for (var cut = 0; cut <= Cuts; cut++)
            {
                var events = run.Take((run.Count * cut + Cuts - 1) / Cuts).ToList();
                var without = events.Where(one => !IsPiece(one)).ToList();
                var whole = new WholeResponses();
                without.ForEach(whole.Apply);

                if (!whole.NeedsPieces)
                {
                    var (full, less) = (Fold(events), Fold(without));
                    Assert.Equal(full.Count, less.Count);
                    Assert.All(full.Zip(less), pair => Assert.True(pair.First.IsSame(pair.Second)));
                }
            }
        }
    }

    [Fact]
    public void NeedsPieces_GoldenLogs_SomeDoAndSomeDoNot()
    {
        var needs = GoldenLog.All.SelectMany(log => log.Runs).Select(Needs).ToList();

        // Else the comparison above compares nothing, or leaves nothing to be read again.
        Assert.Contains(true, needs);
        Assert.Contains(false, needs);

        static bool Needs(IReadOnlyList<RunEvent> run)
        {
            var whole = new WholeResponses();
            run.Where(one => !IsPiece(one)).ToList().ForEach(whole.Apply);
            return whole.NeedsPieces;
        }
    }

    private static bool IsPiece(RunEvent one) =>
        one.Source is EventSource.Upstream
        && (one.Type.EndsWith(".delta", StringComparison.Ordinal) || one.Type == "response.image_generation_call.partial_image");

    private static IReadOnlyList<InputItem> Fold(IEnumerable<RunEvent> events)
    {
        var fold = new InputFold(store: false);
        foreach (var one in events)
        {
            fold.Apply(one);
        }

        return fold.Close();
    }
}
