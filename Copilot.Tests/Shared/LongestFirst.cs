using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared;
using Copilot.Tests.Soak;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer<LongestFirst>]

namespace Copilot.Tests.Shared;

/// <summary>Begins with the collections that take longest, which would otherwise run on alone when all others have ended.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_longest = [BrowserCollection.Name, ConversationBrowserCollection.Name, RestartCollection.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, ITestCollection =>
        [.. testCollections.OrderByDescending(collection => s_longest.Contains(collection.TestCollectionDisplayName))];
}
