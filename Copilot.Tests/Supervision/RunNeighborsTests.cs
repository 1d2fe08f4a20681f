using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision;

public sealed class RunNeighborsTests
{
    [Fact]
    public async Task Find_InTheOrderOfTheWall_EndsAtItsEdgesAndAtTheTeams()
    {
        await using var scene = await BoardScene.StartAsync();
        await using var people = await PeopleHost.StartAsync(new HostSettings());
        var admin = await people.CreatePersonAsync("ada", Roles.Admin, "team_default");
        var supervisor = await people.CreatePersonAsync("sue", Roles.Supervisor, "team_default");
        var staff = await people.CreatePersonAsync("sam", Roles.Staff, "team_default");
        scene.Directory.Publish(scene.Working("a") with { TeamId = "team_default" });
        scene.Directory.Publish(scene.Working("b") with { TeamId = "team_other" });
        scene.Directory.Publish(scene.Working("c") with { TeamId = "team_default" });
        var order = (await scene.WhenAsync(board => board.Rows.Length == 3, "three runs stand on the board")).Rows.Select(row => row.RunId).ToList();
        var ours = order.Where(id => id != scene.Working("b").RunId).ToList();
        var neighbors = new RunNeighbors(scene.Board, new SupervisorAccess(people.Services.GetRequiredService<PersonStore>(), people.Services.GetRequiredService<AccessChanges>()));

        Assert.Equal(order[1], await neighbors.FindAsync(admin, order[0], 1, CancellationToken.None));
        Assert.Equal(order[0], await neighbors.FindAsync(admin, order[1], -1, CancellationToken.None));
        Assert.Null(await neighbors.FindAsync(admin, order[2], 1, CancellationToken.None));
        Assert.Null(await neighbors.FindAsync(admin, order[0], -1, CancellationToken.None));
        Assert.Equal(ours[1], await neighbors.FindAsync(supervisor, ours[0], 1, CancellationToken.None));
        Assert.Null(await neighbors.FindAsync(supervisor, ours[1], 1, CancellationToken.None));
        Assert.Null(await neighbors.FindAsync(staff, ours[0], 1, CancellationToken.None));
    }
}
