export { greatestDifference, numericGradient } from './gradient';
