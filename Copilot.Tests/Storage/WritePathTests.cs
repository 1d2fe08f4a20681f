using Copilot.Domain.Runs;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage;

/// <summary>All writes take the write lock, from any caller.</summary>
public sealed class WritePathTests
{
    [Fact]
    public async Task Writes_FiftyUsersCreatedWhileTwoHundredRunsAppend_AllCommit()
    {
        await using var database = await TestDatabase.CreateAsync(services => services
            .AddIdentityCore<CopilotUser>()
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<CopilotDbContext>());

        var users = Enumerable.Range(0, 50).Select(i => Task.Run(() => CreateUserAsync(database, i)));
        var runs = Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            var run = new FakeRun($"{i}");
            await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
            await database.Events.AppendAsync([run.Started()], CancellationToken.None);
            await database.Events.AppendAsync([run.Deltas(10)], CancellationToken.None);
        }));
        await Task.WhenAll(users.Concat(runs));

        Assert.Equal(50, await database.ScalarAsync<long>("SELECT count(*) FROM user_roles WHERE role_id = 'role_staff'"));
        Assert.Equal(200 * 13, await database.ScalarAsync<long>("SELECT count(*) FROM run_events"));
    }

    [Fact]
    public async Task SaveChanges_Synchronous_Throws()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();
        db.Teams.Add(new TeamRow { Id = "team_2", Name = "Field" });

        Assert.Throws<NotSupportedException>(() => db.SaveChanges());
    }

    [Fact]
    public async Task SaveChangesAsync_DuringAnotherWrite_Waits()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();
        db.Teams.Add(new TeamRow { Id = "team_2", Name = "Field" });
        var pass = await database.Gate.EnterAsync(CancellationToken.None);

        var saving = db.SaveChangesAsync();

        Assert.False(saving.IsCompleted);
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM teams"));
        pass.Dispose();
        Assert.Equal(1, await saving);
    }

    [Fact]
    public async Task AppendAsync_CancelledDuringAnotherWrite_CommitsNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var cancelled = new CancellationTokenSource();
        using (await database.Gate.EnterAsync(CancellationToken.None))
        {
            var appending = database.Events.AppendAsync([new FakeRun("a").Created("Hello")], cancelled.Token);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => appending);
        }

        Assert.Null(await database.Events.FindAsync("run_a", CancellationToken.None));
    }

    [Fact]
    public async Task ExecuteUpdateAsync_WithoutTheLock_Throws()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Teams.ExecuteUpdateAsync(set => set.SetProperty(team => team.Name, "Mine")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Database.BeginTransactionAsync());
    }

    [Fact]
    public async Task WriteAsync_InsideAWriteAsync_JoinsIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        await Assert.ThrowsAsync<FormatException>(() => db.WriteAsync<int>(
            async token =>
            {
                db.Teams.Add(new TeamRow { Id = "team_2", Name = "Field" });
                await db.WriteAsync(inner => db.SaveChangesAsync(inner), token);
                throw new FormatException("after the inner one");
            },
            CancellationToken.None));

        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM teams"));
        Assert.False(db.HoldsWriteLock);
        (await database.Gate.EnterAsync(CancellationToken.None)).Dispose();
    }

    private static async Task CreateUserAsync(TestDatabase database, int number)
    {
        await using var scope = database.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<CopilotUser>>();
        var user = new CopilotUser { UserName = $"staff{number}", DisplayName = $"Staff {number}", TeamId = "team_default" };
        Assert.True((await users.CreateAsync(user)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, Roles.Staff)).Succeeded);
    }
}
