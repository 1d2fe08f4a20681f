using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Runs;
using Bunit;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Chat;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>Arguments that are edited before they are approved.</summary>
public sealed class ApprovalEditTests : ApprovalCardScene
{
    [Fact]
    public void Edit_OneField_SendsAllArgumentsWithIt()
    {
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();
        Assert.Equal(["input", "input", "select", "input", "textarea"], card.FindAll(".field > [id$=-box]").Select(field => field.LocalName));

        card.FindAll("input")[1].Input("1");
        card.Find("form").Submit();

        Assert.Equal(
            """{"part_name":"Cooling pump","quantity":1,"urgent":true,"note":null,"lines":[1,2]}""", Assert.Single(_choices).EditedArguments);
    }

    [Fact]
    public void Edit_Refused_ShowsTheErrorsAndKeepsWhatWasTyped()
    {
        _result = CommandResult.Invalid([new FieldProblem("quantity", "The argument 'quantity' must be a whole number.")]);
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();
        card.FindAll("input")[1].Input("many");

        card.Find("form").Submit();

        Assert.Contains("\"quantity\":\"many\"", _choices[0].EditedArguments, StringComparison.Ordinal);
        Assert.Equal(["", "Must be a whole number.", "", "", ""], card.FindAll(".field-problem").Select(problem => problem.TextContent));
        Assert.Equal("true", card.FindAll("input")[1].GetAttribute("aria-invalid"));
        Assert.Equal("many", card.FindAll("input")[1].GetAttribute("value"));
        Assert.False(Button(card, CardText.ApproveWithChanges).HasAttribute("disabled"));
    }

    [Fact]
    public void Edit_BrokenList_IsToldWithoutAsking()
    {
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();
        card.Find("textarea").Input("[1,");

        card.Find("form").Submit();

        Assert.Equal(CardText.AtField("lines", CardText.InvalidJson("lines")), card.FindAll(".field-problem")[4].TextContent);
        Assert.Empty(_choices);
    }

    [Fact]
    public void Edit_AsJson_BeginsWithWhatTheFormHeld()
    {
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();
        card.FindAll("input")[1].Input("7");
        Button(card, CardText.EditAsJson).Click();
        Assert.Contains("\"quantity\": 7", card.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);

        card.Find("textarea").Input("""{"a":1}""");
        card.Find("form").Submit();

        Assert.Equal("""{"a":1}""", Assert.Single(_choices).EditedArguments);
    }

    [Fact]
    public void Edit_EveryText_MayBeAsLongAsTheCircuitTakes()
    {
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();
        Assert.Equal(4, card.FindAll("input, textarea").Count);
        Assert.All(card.FindAll("input, textarea"), text => Assert.Equal("100000", text.GetAttribute("maxlength")));

        Button(card, CardText.EditAsJson).Click();

        Assert.Equal("100000", card.Find("textarea").GetAttribute("maxlength"));
    }

    [Theory]
    [InlineData("""{"note":"LONG"}""", 100_000, false)]
    [InlineData("""{"note":"LONG"}""", 99_989, true)]
    [InlineData("\"LONG\"", 99_999, false)]
    [InlineData("\"LONG\"", 99_998, true)]
    public void Render_LongArguments_OffersToEditWhatTheEditorHolds(string pattern, int length, bool isOffered)
    {
        var card = Card(arguments: pattern.Replace("LONG", new string('x', length), StringComparison.Ordinal));

        Assert.Equal(isOffered ? [CardText.Approve, CardText.EditAndApprove, CardText.DenyWithReason] : [CardText.Approve, CardText.DenyWithReason], Buttons(card));
        Assert.Equal(!isOffered, card.Markup.Contains(CardText.ArgumentsTooLong(ChatCommands.MaxTextLength), StringComparison.Ordinal));
    }

    [Fact]
    public void Render_ListThatIsLongOnlyWhenItIsLaidOut_IsNotOfferedToEdit()
    {
        var card = Card(arguments: $$"""{"lines":[{{string.Join(',', Enumerable.Repeat("1", 40_000))}}]}""");

        Assert.Equal([CardText.Approve, CardText.DenyWithReason], Buttons(card));
    }

    [Fact]
    public void Edit_FieldsThatAreTooLongTogetherAsJson_StayAForm()
    {
        var card = Card(arguments: """{"a":"1","b":"2"}""");
        Button(card, CardText.EditAndApprove).Click();
        card.FindAll("input")[0].Input(new string('x', 60_000));
        card.FindAll("input")[1].Input(new string('y', 60_000));

        Button(card, CardText.EditAsJson).Click();

        Assert.Equal(CardText.JsonTooLong, card.Find("[role=alert] li").TextContent);
        Assert.Equal(2, card.FindAll("input").Count);
    }

    [Fact]
    public void Escape_WhileEditing_GoesBackWithoutDeciding()
    {
        var card = Card();
        Button(card, CardText.EditAndApprove).Click();

        card.Find("section").KeyDown("Escape");

        Assert.Equal([CardText.Approve, CardText.EditAndApprove, CardText.DenyWithReason], Buttons(card));
        Assert.Empty(_choices);
    }

    [Fact]
    public void Render_SecondPlace_GoesOnWithWhatWasBegun()
    {
        var first = Card();
        Button(first, CardText.EditAndApprove).Click();
        first.FindAll("input")[0].Input("Circulation pump");

        var second = Card();

        Assert.Equal("Circulation pump", second.FindAll("input")[0].GetAttribute("value"));
    }

    [Fact]
    public void Edit_FixedArguments_StayInSightAndAreNotAskedFor()
    {
        var card = Described(new CallDescription(null, null, ["part_name", "lines"]));

        Button(card, CardText.EditAndApprove).Click();

        Assert.Equal(["Part name", "Lines"], card.FindAll("dt").Select(name => name.TextContent));
        Assert.Equal(["Quantity", "Urgent", "Note"], card.FindAll(".field-name").Select(name => name.TextContent));
    }
}
