using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Search.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage.Search;

/// <summary>Everybody has views of their own.</summary>
public sealed class SavedViewsTests
{
    [Fact]
    public async Task Views_OfTwoPeople_AreTheirOwn()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var anna = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var ben = await host.CreatePersonAsync("ben", Roles.Admin, "team_default");
        var views = host.Services.GetRequiredService<SavedViews>();
        Assert.True(await views.SaveAsync(anna, " Costly ", "?cost=1", CancellationToken.None));
        Assert.True(await views.SaveAsync(anna, "Costly", "?cost=2", CancellationToken.None));
        Assert.True(await views.SaveAsync(anna, "All", "", CancellationToken.None));

        var saved = await views.ReadAsync(anna, CancellationToken.None);

        Assert.Equal(["All", "Costly"], saved.Select(view => view.Name));
        Assert.Equal("?cost=2", saved[1].Query);
        Assert.Empty(await views.ReadAsync(ben, CancellationToken.None));
        Assert.False(await views.DeleteAsync(ben, saved[0].Id, CancellationToken.None));
        Assert.False(await views.RenameAsync(ben, saved[0].Id, "Mine", CancellationToken.None));
        Assert.False(await views.RenameAsync(anna, saved[0].Id, "Costly", CancellationToken.None));
        Assert.False(await views.SaveAsync(anna, "", "", CancellationToken.None));
        Assert.False(await views.SaveAsync(anna, new string('n', SavedViews.MaxName + 1), "", CancellationToken.None));
        Assert.True(await views.RenameAsync(anna, saved[0].Id, "Everything", CancellationToken.None));
        Assert.True(await views.DeleteAsync(anna, saved[1].Id, CancellationToken.None));
        Assert.Equal("Everything", Assert.Single(await views.ReadAsync(anna, CancellationToken.None)).Name);
    }
}
