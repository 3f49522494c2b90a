import "../tokens.css";
