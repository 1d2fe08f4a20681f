using Copilot.Tests.Browser.Driving;

namespace Copilot.Tests.Browser.Composer;

/// <summary>The script that carries messages to the server, with a component that answers as the test says.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class OutboxTests(BrowserFixture fixture, QuickApp quick) : BrowserScene(fixture)
{
    // Gives what the box was told and the calls that the component had. A component that is gone answers nothing, not even that it is there.
    private const string Scene = """
        async gone => {
          sessionStorage.clear();
          const { openOutbox } = await import(new URL('js/outbox.js', document.baseURI));
          const form = document.createElement('form');
          form.dataset.textNotSent = 'Not sent.';
          const said = [];
          const view = {
            draft: () => ({ text: 'Next', files: [], id: 'msg_2' }), key: () => 'ses_1', hasProblem: () => false,
            report: text => text && said.push(text), load: () => said.push(JSON.parse(sessionStorage.getItem('copilot.draft.ses_1')).text),
            paint() {}, hold() {}, submit() {}, sent() {},
          };
          const component = answer => ({ invokeMethodAsync: async (...call) => answer(call) });
          const first = openOutbox(form, component(call => {
            if (gone || call[0] === 'Send') {
              throw new Error('There is no tracked object with id 7.');
            }
            return true;
          }), view);
          await first.send({ text: 'First', files: [], id: 'msg_1', key: 'ses_1', how: 'Send' });
          first.stop('run_1');
          await new Promise(done => setTimeout(done));
          form.dataset.run = 'run_1';
          openOutbox(form, component(call => {
            said.push(call.join(' '));
            return { accepted: true };
          }), view).resume();
          await new Promise(done => setTimeout(done));
          return said.join(' | ');
        }
        """;

    [Theory]
    [InlineData(false, "First\n\nNext | Not sent.")]
    [InlineData(true, "StopRun run_1 | Send msg_1 First ")]
    public async Task Send_CallFails_IsGivenBackByAComponentThatIsThereAndElseCarriedByTheNext(bool gone, string expected)
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(quick.App.Address, "staff");

        Assert.Equal(expected, await chat.Page.EvaluateAsync<string>(Scene, gone));
    }
}
