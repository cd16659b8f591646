// The smallest app on Bolt for JavaScript: it acknowledges a form, and keeps nothing of it.
//
//     node bare.js PORT SLACK_API_URL SIGNING_SECRET TOKEN
const { App } = require('@slack/bolt');

const [port, slackApiUrl, signingSecret, token] = process.argv.slice(2);
const app = new App({ token, signingSecret, clientOptions: { slackApiUrl } });
app.view('report_issue', async ({ ack }) => {
  await ack();
});
app.start({ port: Number(port), host: '127.0.0.1' });
