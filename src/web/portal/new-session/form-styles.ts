import "../checkbox-styles.ts";
import "./new-session.css";
