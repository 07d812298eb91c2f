// What a person would write in an afternoon: parse each line, merge it into a Map. It runs in a worker, as the page's engine does.
const worker = new Worker('baseline-worker.js');
worker.onmessage = ({ data }) => {
  document.querySelector('#result').textContent = JSON.stringify(data);
};
document.querySelector('#file').addEventListener('change', (event) => worker.postMessage(event.target.files[0]));
