using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Tests.Responses.Requests;

public sealed class InputWindowTests
{
    private static readonly InputItem s_question = InputItem.UserMessage("question");
    private static readonly InputItem s_call = Item("""{"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"}""");
    private static readonly InputItem s_output = InputItem.FunctionCallOutput("call_1", "found");
    private static readonly InputItem s_compaction = OutputToInput.From(
        OutputItemReader.Read(Encoding.UTF8.GetBytes("""{"type":"compaction","id":"cmp_1","encrypted_content":"gAAA"}""")), store: false)!;

    [Fact]
    public void Of_NoCompaction_IsAll() => AssertWindow([s_question, s_call, s_output], from: 0);

    [Fact]
    public void Of_Compaction_BeginsWithTheNewest() =>
        AssertWindow([s_question, s_compaction, s_call, s_output, s_compaction, s_question], from: 4);

    [Fact]
    public void Of_CallAndOutputAfterIt_BeginsWithIt() => AssertWindow([s_question, s_compaction, s_call, s_output], from: 1);

    [Fact]
    public void Of_OutputWouldLoseItsCall_IsAll() => AssertWindow([s_question, s_call, s_compaction, s_output], from: 0);

    [Fact]
    public void Of_CompactedOnRequest_HasTheItemsTheUpstreamReturned() =>
        AssertWindow([s_question, Item("""{"type":"compaction","id":"cmp_1","encrypted_content":"gAAA"}"""), s_question], from: 0);

    [Fact]
    public void TrailingMessages_Items_CountsTheLastUserMessages()
    {
        Assert.Equal(2, InputWindow.TrailingMessages([s_question, s_call, s_output, s_question, s_question]));
        Assert.Equal(0, InputWindow.TrailingMessages([s_question, InputItem.PartialAnswer("well")]));
        Assert.Equal(1, InputWindow.TrailingMessages([s_question]));
        Assert.Equal(0, InputWindow.TrailingMessages([]));
    }

    private static void AssertWindow(InputItem[] whole, int from) => Assert.Equal(whole[from..], InputWindow.Of(whole));

    private static InputItem Item(string json) => new(Encoding.UTF8.GetBytes(json));
}
