using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class PhrasesTests
{
    [Theory]
    [InlineData("Contoso's cooling pump is broken", "Contoso")]
    [InlineData("contoso's cooling pump is broken", "contoso")]
    [InlineData("What's the phone number of Northwind Traders?", "Northwind Traders")]
    [InlineData("Book a technician for contoso, the pump leaks", "contoso")]
    [InlineData("Add a note: the gate is locked at night", null)]
    [InlineData("How many drive belts do we have?", null)]
    [InlineData("Look at cus_01abc", "cus_01abc")]
    public void Customer_IsWhoTheSentenceNames(string text, string? expected) => Assert.Equal(expected, Phrases.Customer(text));

    [Theory]
    [InlineData("Contoso's cooling pump is broken", "cooling pump")]
    [InlineData("Book someone for Contoso's broken cooling pump next week", "cooling pump")]
    [InlineData("The fan motor at Fabrikam failed", "fan motor")]
    [InlineData("What's the stock of drive belts and cooling pumps?", "drive belts|cooling pumps")]
    [InlineData("Which parts do we have in stock?", "")]
    [InlineData("Reserve 2 drive belts for Contoso", "drive belts")]
    [InlineData("Which cooling pumps are in stock?", "cooling pumps")]
    [InlineData("Which cooling pumps do we have in stock?", "cooling pumps")]
    [InlineData("Are any cooling pumps in stock?", "cooling pumps")]
    [InlineData("Search the inventory for circulation pumps", "circulation pumps")]
    [InlineData("Check our warehouse for drive belts, please.", "drive belts")]
    [InlineData("Hello", "")]
    public void Parts_AreWhatTheSentenceIsAbout(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Phrases.Parts(text)));

    [Theory]
    [InlineData("Order two cooling pumps", 2)]
    [InlineData("Place an order for 3 cooling pumps for Contoso.", 3)]
    [InlineData("Please reserve a dozen drive belts", 12)]
    [InlineData("We need another pair of seals", 2)]
    [InlineData("Order a cooling pump", null)]
    [InlineData("Order a 25-60 pump", null)]
    public void Quantity_IsWhatTheSentenceAsksFor(string text, int? expected) => Assert.Equal(expected, Phrases.Quantity(text));

    [Theory]
    [InlineData("available now", "availab*", true)]
    [InlineData("unavailable", "availab*", false)]
    [InlineData("a part of it", "part", true)]
    [InlineData("a party", "part", false)]
    public void Has_Text_MatchesWholeWords(string text, string word, bool expected) => Assert.Equal(expected, Phrases.Has(text, word));
}
