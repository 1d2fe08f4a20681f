namespace Copilot.Tests.Browser.Driving;

/// <summary>The tests of conversations, beside the other browser tests: both mostly wait for a page, so that two cores serve two browsers.</summary>
[CollectionDefinition(Name)]
public sealed class ConversationBrowserCollection : ICollectionFixture<BrowserFixture>, ICollectionFixture<QuickApp>, ICollectionFixture<SlowApp>
{
    public const string Name = "Conversation browser";
}
