export { copyText as copy } from '../../../js/clipboard.js';
